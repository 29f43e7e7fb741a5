/* Marks the few functions that the installer looks up in the setup library (exports.map lists them too). */
#ifndef CA_SETUP_EXPORTED_H
#define CA_SETUP_EXPORTED_H

#define CA_EXPORTED __attribute__((visibility("default")))

#endif
