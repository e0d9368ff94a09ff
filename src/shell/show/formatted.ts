/** Text that a formatting command made, with the objects that it was made of. */
export class Formatted {
  readonly text: string;
  readonly objects: readonly unknown[];

  constructor(text: string, objects: readonly unknown[]) {
    this.text = text;
    this.objects = objects;
  }
}
