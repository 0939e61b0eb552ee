// The script filter for TCP.
#include "../connection.h"

namespace {
sluice::Register<script::Root, script::Connection> registration;
}  // namespace
