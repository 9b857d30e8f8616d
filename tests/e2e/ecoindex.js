// The EcoIndex of a page, by its published formula: https://www.ecoindex.fr/comment-ca-marche/
// Each measure is placed among the twentieths of half a million pages; elements weigh three, requests two, bytes one.

const ELEMENTS = [
  0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601,
];
const REQUESTS = [0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920];
const KILOBYTES = [
  0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08, 2142.06,
  2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26,
];
const GRADES = [["A", 80], ["B", 70], ["C", 55], ["D", 40], ["E", 25], ["F", 10]];

/** The score of a page, 0 to 100, and its grade. */
export function ecoindex({ elements, requests, kilobytes }) {
  const weighted = 3 * rank(ELEMENTS, elements) + 2 * rank(REQUESTS, requests) + rank(KILOBYTES, kilobytes);
  const score = 100 - (5 * weighted) / 6;
  const [grade] = GRADES.find(([, above]) => score > above) ?? ["G"];
  return { score, grade };
}

/** The place of a value among twentieths, 0 to 20. */
function rank(twentieths, value) {
  const above = twentieths.findIndex((twentieth) => value < twentieth);
  if (above === -1) return twentieths.length - 1;
  const [low, high] = [twentieths[above - 1], twentieths[above]];
  return above - 1 + (value - low) / (high - low);
}
