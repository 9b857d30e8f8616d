# The accessibility statement.
accessibility-title = Accessibility statement
accessibility-lead = { $network } wants everybody to be able to read its pages, whatever their abilities and equipment.
accessibility-state = Compliance status
accessibility-state-text = No complete audit has been made yet against the French accessibility standard (RGAA, version 4.1). For lack of an audit, the site is declared <strong>not compliant</strong>, even though the checks below pass.
accessibility-checked = Checked at each version
accessibility-checked-axe = Every page passes an automatic check (axe-core, WCAG criteria A and AA) in a real browser; such a check covers only part of the criteria.
accessibility-checked-keyboard = Everything works without JavaScript and with a keyboard; the first link leads to the content.
accessibility-checked-colour = No information depends on colour alone; each drawing has its table or its sentence.
accessibility-checked-markup = Headings, lists, tables and landmarks are marked up, and their order is tested.
accessibility-missing = Not done yet
accessibility-missing-text = Reading by blind or partially sighted people, with their own screen readers, has not taken place yet.
accessibility-contact = Report a difficulty
accessibility-contact-fictional = { $network } is a fictional service: it has no contact address. A real service gives here a way to reach it and recalls the remedy before the French Defender of Rights.
accessibility-contact-real = Report the difficulty to the operator of { $network }. Without an answer, you may apply to the French Defender of Rights.
