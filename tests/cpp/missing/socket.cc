// The world outside: sockets
// expect: use of undeclared identifier 'socket'
#include <sys/socket.h>
int uses() { return socket(AF_INET, SOCK_STREAM, 0); }
