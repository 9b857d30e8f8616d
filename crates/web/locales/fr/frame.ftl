# The frame of every page.
language-name = Français
site-description = Vélos et places libres dans les stations { $network } de { $city }.
skip-link = Aller au contenu
brand-label = { $network }, accueil
menu-label = Menu principal
menu-stations = Stations
menu-monitoring = Surveillance
menu-accessibility = Accessibilité
footer-network = { $network }, les vélos en libre-service de { $city }.
footer-fictional = Ville et service fictifs : un cas d’étude.
footer-accessibility = Accessibilité : partiellement conforme
footer-site-map = Plan du site
menu-trip = Trajet
menu-comparison = Comparer
