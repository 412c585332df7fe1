declare const brand: unique symbol;

/** A string that means one thing only, so that one kind of name cannot be passed for another. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
