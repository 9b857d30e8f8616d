# The site map.
site-map-heading = Plan du site
site-map-home = Stations : rechercher, voir la carte et la liste
site-map-trip = Préparer un trajet
site-map-comparison = Comparer deux stations
site-map-monitoring = Surveillance du modèle
site-map-accessibility = Déclaration d’accessibilité
site-map-stations = Chaque station a sa page, à laquelle mènent la liste et la recherche.
