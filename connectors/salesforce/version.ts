/** The API version every call uses: Summer '26. Its default differs from jsforce's, which is years old. */
export const apiVersion = '67.0';
