# Two stations side by side.
comparison-heading = Compare two stations
comparison-first = First station (required)
comparison-second = Second station (required)
comparison-show = Compare
comparison-no-chances = The chances of one of the two stations are not known, or the service that computes them does not answer.
comparison-outcome = { $first } and { $second }, hour by hour
comparison-caption = Chances of finding a bike at the beginning of each hour, in { $zone } time
comparison-equal = The two stations are worth the same over the whole period.
comparison-better = { $name } is surer to have a bike from { $from } to { $until }.
comparison-better-once = { $name } is surer to have a bike at { $from }.
