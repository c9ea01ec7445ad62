/** Numbers messages of one entity upwards from 1, without gaps or repeats. */
export class Sequence {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
