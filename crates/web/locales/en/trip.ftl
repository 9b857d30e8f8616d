# A trip: a bike at its start, a dock at its end.
trip-heading = Plan a trip
trip-required = All fields must be filled in. Write the name of a station, or a part of it.
trip-origin = Station of departure (required)
trip-destination = Station of arrival (required)
trip-time = Time of departure, such as 8:10 (required)
trip-show = Show my chances
trip-time-unreadable = This time could not be read. Write it like 8:10.
trip-outcome = Leaving at { $clock } from { $origin } to { $destination }
trip-answer = Bike at { $origin } at { $leaves }: { $bike }. Dock at { $destination } at { $arrives }: { $dock }.
trip-no-chances = The chances cannot be told for the moment. The present state of each station stays on its page.
trip-too-far = The forecast ends before you arrive: it goes until { $until }.
trip-safer = Surer, nearby
trip-safer-origin = Departure: <a href="{ $link }">{ $name }</a>, { $metres } m away on foot, { $odds }
trip-safer-destination = Arrival: <a href="{ $link }">{ $name }</a>, { $metres } m away on foot, { $odds }
trip-meaning = The length of the trip is estimated from the distance, at a careful pace. Distances on foot are as the crow flies.
trip-reverse = Reverse the trip
title-error = Error: { $title }
field-empty = Write the name of a station.
field-unknown = No station is called “{ $typed }”. Check the spelling, or try a single word.
field-several = Several stations hold these words. Write the whole name of one of them: { $names }.
field-same = This is the same station as the other one. Choose a different one.
