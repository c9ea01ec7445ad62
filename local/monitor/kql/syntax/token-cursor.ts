/** Walks over tokens; each `expect` either consumes what it names or refuses the query at that place. */
import { syntaxError } from './kql-error.ts';
import type { Token } from './token.ts';

const MAX_DEPTH = 100;

export class TokenCursor {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (!token) throw new Error('A token list always holds its end.');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === text;
  }

  isWord(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'name' && token.text === text;
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.#index += 1;
    return true;
  }

  takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.#index += 1;
    return true;
  }

  expectSymbol(text: string): Token {
    if (!this.isSymbol(text)) throw this.refusal(`'${text}' was expected`);
    return this.next();
  }

  expectWord(text: string): Token {
    if (!this.isWord(text)) throw this.refusal(`'${text}' was expected`);
    return this.next();
  }

  expectName(): Token {
    if (this.peek().kind !== 'name') throw this.refusal('a name was expected');
    return this.next();
  }

  refusal(why: string): Error {
    const token = this.peek();
    return syntaxError(token.kind === 'end' ? '<EOF>' : token.text, token.at, why);
  }

  /** Runs `parse` one level deeper; refuses expressions nested beyond MAX_DEPTH. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw this.refusal(`expressions nest at most ${MAX_DEPTH} levels deep`);
    this.#depth += 1;
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  /** One or more items separated by commas. */
  list<T>(parse: () => T): T[] {
    const items = [parse()];
    while (this.takeSymbol(',')) items.push(parse());
    return items;
  }
}
