#include "greeting.h"

#include "greeting_text.h"

std::string_view greeting() { return GREETING_TEXT; }
