/* Files that hold what is for the user alone. */
#ifndef CA_BASE_FILE_H
#define CA_BASE_FILE_H

/* Why the open file is not the user's own, regular and closed to others, or cannot be asked; NULL if it is.
 */
const char *ca_file_objection(int descriptor);

#endif
