# The frame of every page.
language-name = English
site-description = Bikes and free docks at the { $network } stations of { $city }.
skip-link = Skip to content
brand-label = { $network }, home
menu-label = Main menu
menu-stations = Stations
menu-monitoring = Monitoring
menu-accessibility = Accessibility
footer-network = { $network }, bike sharing in { $city }.
footer-fictional = A fictional city and service: a case study.
footer-accessibility = Accessibility: partially conformant
footer-site-map = Site map
menu-trip = Trip
menu-comparison = Compare
