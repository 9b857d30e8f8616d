# The frame of every page.
language-name = Français
site-description = Vélos et places libres dans les stations { $network } de { $city }.
skip-link = Aller au contenu
brand-label = { $network }, accueil
menu-label = Menu principal
menu-stations = Stations
menu-monitoring = Surveillance
menu-operations = Exploitation
menu-officer = Protection des données
menu-account = Mon compte
menu-log-in = Se connecter
menu-report = Signaler un problème
menu-accessibility = Accessibilité
footer-network = { $network }, les vélos en libre-service de { $city }.
footer-fictional = Ville et service fictifs : un cas d’étude.
footer-accessibility = Accessibilité : non conforme, audit à faire
