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
home-pages-label = Pages of the list
home-previous-page = Previous page
home-page = Page { $page } of { $pages }
home-next-page = Next page
home-state = { $empty ->
        [0] No station is nearly empty
        [one] One station is nearly empty
       *[other] { $empty } stations are nearly empty
    }, { $full ->
        [0] none is nearly full
        [one] one is nearly full
       *[other] { $full } are nearly full
    }. Situation at { $clock }.
home-forecast-meaning = “{ $at }”: chances that a bike is there.
home-no-forecast = no forecast
map-heading = Map
map-skip = Skip the map
map-title = Stations, where they are
map-description = The list that follows gives the same stations, with their bikes and docks.
map-legend = One disc a station, the larger the more bikes it has. E: empty or nearly. F: full or nearly. “?”: state unknown, or out of service. All that the map shows is in the list.
map-letter-empty = E
map-letter-full = F
map-letter-unknown = ?
