// The graph of services and credentials: services left, credentials in the middle, where they lie
// on the right.
#pragma once

#include "privilege/inventory.h"

namespace stanch::privilege {

// Graphviz' language (graphviz.org/doc/info/lang.html).
std::string graph_dot(const std::vector<Holding>& holdings);
// SVG 1.1, drawn here: no Graphviz is needed.
std::string graph_svg(const std::vector<Holding>& holdings);

} // namespace stanch::privilege
