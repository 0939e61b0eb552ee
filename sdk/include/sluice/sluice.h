// The whole guest SDK.
#pragma once

#include "sluice/abi.h"
#include "sluice/buffer.h"
#include "sluice/callout_status.h"
#include "sluice/clock.h"
#include "sluice/context.h"
#include "sluice/effective_context.h"
#include "sluice/foreign_function.h"
#include "sluice/header_map.h"
#include "sluice/log.h"
#include "sluice/metric.h"
#include "sluice/property.h"
#include "sluice/register.h"
#include "sluice/result.h"
#include "sluice/shared_data.h"
#include "sluice/shared_queue.h"
#include "sluice/tcp_context.h"
