# Errors: a fixed sentence and a way out.
error-status = Error { $status }
error-back = Back to the stations
error-not-found = Page not found
error-not-found-text = The address does not exist, or no longer exists.
error-unknown-station = Station not found
error-unknown-station-text = No station bears this identifier. It may have been moved or closed.
error-method = Request not possible
error-method-text = This address can be read, but takes nothing.
error-data = Data not available at the moment
error-data-text = The service that knows the state of the stations does not answer. Reload the page in a minute.
error-overloaded = Too many requests right now
error-overloaded-text = The application is already answering many people. Reload the page in a few seconds.
error-refused = Request refused
error-refused-text = This request is too long, too slow or malformed. Go back to the stations and start again.
error-internal = An error on our side
error-internal-text = The page could not be prepared. The incident is recorded.
