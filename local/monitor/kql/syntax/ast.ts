/** The parsed form of a query, before names and types are known. `at` is the place in the query text. */
import type { ScalarType, Value } from '../types/scalar-type.ts';

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%';
export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=' | '=~' | '!~';
export type LogicOp = 'and' | 'or';
export type TextOp = 'has' | 'contains' | 'startswith' | 'endswith';

export type Expr =
  | { readonly kind: 'literal'; readonly at: number; readonly type: ScalarType; readonly value: Value }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'sign'; readonly at: number; readonly negative: boolean; readonly operand: Expr }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly op: ArithmeticOp | CompareOp | LogicOp;
      readonly left: Expr;
      readonly right: Expr;
    }
  | {
      readonly kind: 'text';
      readonly at: number;
      readonly op: TextOp;
      readonly negated: boolean;
      readonly caseSensitive: boolean;
      readonly left: Expr;
      readonly right: Expr;
    }
  | {
      readonly kind: 'in';
      readonly at: number;
      readonly negated: boolean;
      readonly caseSensitive: boolean;
      readonly left: Expr;
      readonly items: readonly Expr[];
    }
  | {
      readonly kind: 'between';
      readonly at: number;
      readonly negated: boolean;
      readonly left: Expr;
      readonly from: Expr;
      readonly to: Expr;
    };

/** `name = expr`, or `expr` whose column name is derived. */
export interface NamedExpr {
  readonly name: string | undefined;
  readonly expr: Expr;
  readonly at: number;
}

export interface NameRef {
  readonly name: string;
  readonly at: number;
}

export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export type Operator =
  | { readonly kind: 'where'; readonly predicate: Expr }
  | { readonly kind: 'extend'; readonly columns: readonly NamedExpr[] }
  | { readonly kind: 'project'; readonly columns: readonly NamedExpr[] }
  | { readonly kind: 'project-away'; readonly names: readonly NameRef[] }
  | { readonly kind: 'summarize'; readonly aggregates: readonly NamedExpr[]; readonly keys: readonly NamedExpr[] }
  | { readonly kind: 'distinct'; readonly columns: readonly NamedExpr[] | '*' }
  | { readonly kind: 'order'; readonly keys: readonly SortKey[] }
  | { readonly kind: 'take'; readonly count: Expr }
  | { readonly kind: 'top'; readonly count: Expr; readonly key: SortKey }
  | { readonly kind: 'count' };

export interface Pipeline {
  readonly source: NameRef;
  readonly operators: readonly Operator[];
}

export interface LetStatement {
  readonly name: string;
  readonly at: number;
  readonly value:
    | { readonly kind: 'scalar'; readonly expr: Expr }
    | { readonly kind: 'table'; readonly table: Pipeline };
}

export interface Query {
  readonly lets: readonly LetStatement[];
  readonly pipeline: Pipeline;
}
