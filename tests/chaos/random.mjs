// Random numbers that a seed decides (mulberry32): each part of a run has a sequence of its own, so
// that what one does is not changed by when another asks.
export class Random {
  constructor(seed, part = '') {
    this.state = seed >>> 0;
    for (const byte of Buffer.from(part)) this.state = Math.imul(this.state ^ byte, 0x01000193) >>> 0;
    for (let i = 0; i < 4; i += 1) this.next();
  }

  next() { // 0 to 1
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n) { return Math.floor(this.next() * n); }

  between(least, most) { return least + this.next() * (most - least); }

  pick(list) { return list[this.below(list.length)]; }

  // Of {name: weight}.
  weighted(weights) {
    let at = this.next() * Object.values(weights).reduce((a, b) => a + b, 0);
    for (const [name, weight] of Object.entries(weights)) if ((at -= weight) < 0) return name;
    return Object.keys(weights)[0];
  }
}
