/** `ShowToastEvent` of lightning/platformShowToastEvent: bubbles up to the page, which shows the toast. */
export class ShowToastEvent extends CustomEvent<object> {
  constructor(toast: object) {
    super('lightning__showtoast', { detail: toast, bubbles: true, composed: true });
  }
}
