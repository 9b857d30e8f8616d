# The next hours of a station.
forecast-scroll-label = Chart of the forecast, to be scrolled on a small screen
forecast-chart-title = Expected departures hour by hour
forecast-legend = Line and points: departures expected during each hour. Hatched area: interval in which the real number should fall eight times out of ten.
forecast-caption = Expected departures per hour, in { $zone } time, and bounds of the 80% interval
forecast-column-hour = Hour
forecast-column-demand = Expected
forecast-column-low = At least
forecast-column-high = At most
forecast-calm = Hardly any departure is expected in the next hours.
forecast-summary = The peak is expected { $moment }: about { $departures } (between { $low } and { $high }). In all, about { $total } over { $hours }.
forecast-peak-today = at { $hour }:00
forecast-peak-later = { $day } at { $hour }:00
forecast-origin = Forecast made { $age } by the model <code>{ $version }</code>, which knew the departures until { $until }.
chart-description = { $summary } The table that follows gives the same values.
