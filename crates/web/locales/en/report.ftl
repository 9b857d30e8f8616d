# The report of a problem by a rider.
report-title = Report a problem
report-lead = No account is needed.
report-body = What happened?
report-body-help = 1,000 characters at most. Write no name, telephone or address. The text is read by operators and kept for a year at most.
report-station = Station (optional)
report-bike = Number of the bike (optional)
report-bike-help = Four digits, for example 4521.
report-example-help = These texts teach how to sort the next ones.
report-button = Send the report
report-fault = The report was not sent: correct the field. Your text is kept.
report-received = Thank you. Your report has the number { $number }.
report-next = Operators read it, the most urgent first. Keep this number if you call.
fault-report-empty = Write what happened, in a few words.
fault-report-long = The text has more than 1,000 characters: shorten it.
fault-report-station = No station has this name. Leave the field empty if you do not know.
fault-report-bike = The number has four digits, for example 4521.
