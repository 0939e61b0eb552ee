// proxy_wasm_intrinsics.h with typed messages.
#pragma once

#define PROXY_WASM_PROTOBUF_FULL 1
#include "proxy_wasm_intrinsics.h"
