/** How long a token, password or certificate read from a file is used before the file is read again. */
export const FILE_MAX_AGE_MS = 30_000;
