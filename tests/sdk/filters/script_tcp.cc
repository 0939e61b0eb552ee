// The script filter for TCP.
#include "../script/connection.h"

namespace {
sluice::Register<script::Root, script::Connection> registration;
}  // namespace
