// What a plug-in of the server implements, and what it is lent for each request. The numbers are the interface's:
// whoever changes what a method takes or gives makes a new one.
//
// Plug-in, d86f20b1a9c3e574/0: answer (request, path, room for the body) -> (HTTP status, bytes of the body)
// Request, b19e4c75f03a8d62/0: header (name, room for its value) -> (bytes of the value, all ones if it has none)
#ifndef PLUGIN_H
#define PLUGIN_H

#define PLUGIN_INTERFACE 0xd86f20b1a9c3e574
#define REQUEST_INTERFACE 0xb19e4c75f03a8d62
#define PLUGIN_BODY_MAX 4096
#define REQUEST_NO_HEADER 0xffffffffffffffff

#endif
