import { expect, test } from "vitest";
import { plainText, stretches } from "./ansi";

const E = "\x1b";

test("a plain line is one stretch, an empty one none", () => {
  expect(stretches("step 1")).toMatchObject([{ text: "step 1", colour: null, bold: false }]);
  expect(stretches("")).toEqual([]);
});

test("colours, weights and their ends", () => {
  const found = stretches(`a${E}[1;31mred${E}[22m thin${E}[0m back ${E}[94;103mbright`);
  expect(found.map(({ text, colour, ground, bold }) => [text, colour, ground, bold])).toEqual([
    ["a", null, null, false],
    ["red", 1, null, true],
    [" thin", 1, null, false],
    [" back ", null, null, false],
    ["bright", 12, 11, false],
  ]);
});

test("256 colours and red, green, blue", () => {
  expect(stretches(`${E}[38;5;196mx`)[0].colour).toBe("#ff0000");
  expect(stretches(`${E}[38;5;9mx`)[0].colour).toBe(9);
  expect(stretches(`${E}[48;5;244mx`)[0].ground).toBe("#808080");
  expect(stretches(`${E}[38;2;1;2;300;4mx`)[0]).toMatchObject({ colour: "#0102ff", underline: true });
});

test("what moves the cursor, names a window or is half there leaves no trace", () => {
  const line = `${E}[2K${E}[1A${E}]0;title\x07done${E}]8;;http://x${E}\\ now\x00${E}[`;
  expect(
    stretches(line)
      .map((one) => one.text)
      .join(""),
  ).toBe("done now");
  expect(plainText(line)).toBe("done now");
});

test("a line is read the same twice", () => {
  const line = `${E}[31mred`;
  expect(stretches(line)).toEqual(stretches(line));
});
