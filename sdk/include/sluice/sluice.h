// The whole guest SDK for HTTP filters.
#pragma once

#include "sluice/abi.h"
#include "sluice/buffer.h"
#include "sluice/clock.h"
#include "sluice/context.h"
#include "sluice/header_map.h"
#include "sluice/log.h"
#include "sluice/property.h"
#include "sluice/register.h"
#include "sluice/result.h"
