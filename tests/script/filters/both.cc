// The script filter twice in one module: for TCP with the root_id "tcp", for HTTP with any other.
#include "../connection.h"

namespace {
sluice::Register<script::Root, script::Stream> http;
sluice::Register<script::Root, script::Connection> tcp("tcp");
}  // namespace
