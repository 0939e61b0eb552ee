// The script filter for HTTP.
#include "../script/contexts.h"

namespace {
sluice::Register<script::Root, script::Stream> registration;
}  // namespace
