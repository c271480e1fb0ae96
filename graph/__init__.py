"""The LangGraph state machine: state, nodes, stop rules, builder."""
