# The site map.
site-map-heading = Site map
site-map-home = Stations: search, map and list
site-map-trip = Plan a trip
site-map-comparison = Compare two stations
site-map-monitoring = Model monitoring
site-map-accessibility = Accessibility statement
site-map-stations = Each station has its page, to which the list and the search lead.
