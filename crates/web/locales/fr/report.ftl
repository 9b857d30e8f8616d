# The report of a problem by a rider.
report-title = Signaler un problème
report-lead = Aucun compte n’est demandé.
report-body = Que s’est-il passé ?
report-body-help = 1 000 caractères au plus. N’écrivez ni nom, ni téléphone, ni adresse. Le texte est lu par l’exploitation et gardé un an au plus.
report-station = Station (facultatif)
report-bike = Numéro du vélo (facultatif)
report-bike-help = Quatre chiffres, par exemple 4521.
report-example-help = Ces textes apprennent à trier les suivants.
report-button = Envoyer le signalement
report-fault = Le signalement n’est pas parti : corrigez le champ indiqué. Votre texte est gardé.
report-received = Merci. Votre signalement porte le numéro { $number }.
report-next = L’exploitation le lit, les plus urgents d’abord. Gardez ce numéro si vous appelez.
fault-report-empty = Écrivez ce qui s’est passé, en quelques mots.
fault-report-long = Le texte dépasse 1 000 caractères : raccourcissez-le.
fault-report-station = Aucune station ne porte ce nom. Laissez le champ vide si vous ne savez pas.
fault-report-bike = Le numéro a quatre chiffres, par exemple 4521.
