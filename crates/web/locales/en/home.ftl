# The home page: a search and the stations.
home-title = Bikes and free docks
home-title-page = { $title }, page { $page } of { $pages }
home-heading = Bikes and free docks in { $city }
home-lead = { $bikes } to take right now at { $stations }.
home-search-label = Name of the station or district
home-search-button = Search
home-result-none = No station for “{ $search }”
home-result-found = { $stations } for “{ $search }”
home-no-station = No station is known yet.
home-try-again = Check the spelling, try a single word, or <a href="{ $home }">see all stations</a>.
home-all-stations = See all stations
home-caption = Stations in alphabetical order, with their bikes and free docks
home-column-station = Station
home-column-bikes = Bikes
home-column-docks = Docks
home-column-report = Reported
home-pages-label = Pages of the list
home-previous-page = Previous page
home-page = Page { $page } of { $pages }
home-next-page = Next page
