# The accessibility statement.
accessibility-title = Déclaration d’accessibilité
accessibility-lead = { $network } veut que chacun puisse lire ses pages, quels que soient ses moyens et son matériel.
accessibility-state = État de conformité
accessibility-state-text = Aucun audit complet n’a encore été mené selon le référentiel général d’amélioration de l’accessibilité (RGAA, version 4.1). Faute d’audit, le site est déclaré <strong>non conforme</strong>, même si les vérifications ci-dessous passent.
accessibility-checked = Ce qui est vérifié à chaque version
accessibility-checked-axe = Chaque page passe un contrôle automatique (axe-core, critères A et AA des WCAG) dans un vrai navigateur ; un tel contrôle ne couvre qu’une partie des critères.
accessibility-checked-keyboard = Tout fonctionne sans JavaScript et au clavier ; le premier lien mène au contenu.
accessibility-checked-colour = Aucune information ne tient à la seule couleur ; chaque dessin a son tableau ou sa phrase.
accessibility-checked-markup = Titres, listes, tableaux et repères de page sont balisés, et leur ordre est testé.
accessibility-missing = Ce qui ne l’est pas encore
accessibility-missing-text = La lecture par des personnes aveugles ou malvoyantes, avec leurs propres lecteurs d’écran, n’a pas encore eu lieu.
accessibility-contact = Signaler une difficulté
accessibility-contact-fictional = { $network } est un service fictif : il n’a pas d’adresse de contact. Un service réel indique ici un moyen de le joindre et rappelle le recours au Défenseur des droits.
accessibility-contact-real = Signalez la difficulté à l’exploitant de { $network }. Sans réponse de sa part, vous pouvez saisir le Défenseur des droits.
