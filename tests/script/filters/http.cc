// The script filter for HTTP.
#include "../contexts.h"

namespace {
sluice::Register<script::Root, script::Stream> registration;
}  // namespace
