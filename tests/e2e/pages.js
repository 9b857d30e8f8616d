// The pages of the access table that a person reads: each with who opens it, and the mock-up that it was made from.
// `crates/web/tests/it/routes.rs` compares it with the access table.

/** `path` is given two stations and the link of a forgotten password; `role` is nobody's unless said. */
export const pages = [
  { route: "/", name: "accueil", mockup: "accueil", path: () => "/" },
  {
    route: "/stations/{station_id}",
    name: "station",
    mockup: "station",
    path: ({ first }) => `/stations/${first}?cherche=velo&heure=18`,
  },
  {
    route: "/trajet",
    name: "trajet",
    mockup: "trajet",
    path: ({ first, second }) => `/trajet?depart=${first}&arrivee=${second}&heure=18:10`,
  },
  {
    route: "/comparer",
    name: "comparaison",
    mockup: "comparaison",
    path: ({ first, second }) => `/comparer?premiere=${first}&seconde=${second}`,
  },
  { route: "/signaler", name: "signaler", mockup: "signaler", path: ({ first }) => `/signaler?station=${first}` },
  { route: "/connexion", name: "connexion", mockup: "connexion", path: () => "/connexion" },
  { route: "/inscription", name: "inscription", mockup: "connexion", path: () => "/inscription" },
  { route: "/mot-de-passe", name: "mot-de-passe-oublie", path: () => "/mot-de-passe" },
  {
    route: "/mot-de-passe/nouveau",
    name: "nouveau-mot-de-passe",
    path: ({ link }) => `/mot-de-passe/nouveau?lien=${link}`,
  },
  { route: "/compte", name: "compte", mockup: "compte", role: "rider", path: () => "/compte" },
  { route: "/exploitation", name: "exploitation", mockup: "exploitation", role: "operator", path: () => "/exploitation" },
  {
    route: "/exploitation/signalements",
    name: "signalements",
    mockup: "exploitation",
    role: "operator",
    path: () => "/exploitation/signalements",
  },
  { route: "/exploitation/qualite", name: "qualite", role: "operator", path: () => "/exploitation/qualite" },
  { route: "/exploitation/etat", name: "etat-des-services", role: "operator", path: () => "/exploitation/etat" },
  {
    route: "/donnees-personnelles",
    name: "donnees-personnelles",
    mockup: "donnees-personnelles",
    role: "officer",
    path: () => "/donnees-personnelles",
  },
  {
    route: "/donnees-personnelles/journal",
    name: "journal-des-acces",
    role: "officer",
    path: () => "/donnees-personnelles/journal",
  },
  {
    route: "/donnees-personnelles/violation",
    name: "violation",
    role: "officer",
    path: () => "/donnees-personnelles/violation",
  },
  { route: "/monitoring", name: "surveillance", path: () => "/monitoring" },
  { route: "/accessibilite", name: "accessibilite", path: () => "/accessibilite" },
  { route: "/plan", name: "plan-du-site", path: () => "/plan" },
];
