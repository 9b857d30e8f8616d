// Somebody in front of a page: with a pointer, or with a keyboard alone.
import assert from "node:assert/strict";

/** Presses of a key after which whoever looks for something would give up. */
const PATIENCE = 300;

export class Hand {
  constructor(page, byKeyboard) {
    this.page = page;
    this.byKeyboard = byKeyboard;
  }

  /** Follows a link, or presses a button, that leads to a page. */
  async follow(target) {
    const loaded = this.page.waitForEvent("load");
    await this.press(target);
    await loaded;
  }

  /** Follows a link, or presses a button. */
  async press(target) {
    if (!this.byKeyboard) return target.click();
    await this.#reach(target);
    await this.page.keyboard.press("Enter");
  }

  /** Writes in a field, in the place of what it holds. */
  async write(field, text) {
    if (!this.byKeyboard) return field.fill(text);
    await this.#reach(field);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(text);
  }

  /** Ticks a box. */
  async tick(box) {
    if (!this.byKeyboard) return box.check();
    await this.#reach(box);
    await this.page.keyboard.press("Space");
    assert.ok(await box.isChecked(), "the space bar ticks the box");
  }

  /** Takes the other of two radio buttons, of which `chosen` is taken and comes first. */
  async takeOther(chosen, other) {
    if (!this.byKeyboard) return other.check();
    await this.#reach(chosen);
    await this.page.keyboard.press("ArrowDown");
    assert.ok(await other.isChecked(), "the arrow takes the other radio button");
  }

  /** Goes from one element to the next, as far as `target`. */
  async #reach(target) {
    const wanted = await target.elementHandle();
    for (let presses = 0; presses < PATIENCE; presses += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`the keyboard does not reach ${await wanted.evaluate((element) => element.outerHTML)}`);
  }
}
