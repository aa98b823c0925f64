"""One port (Protocol and plain structs) and one client per department; rooms see only the ports.

`police` is the Public Security Bureau (公安局, GAJ), `health` the Health Commission (卫生健康委员会, WJW), `civil_affairs` the
Civil Affairs Bureau (民政局, MZJ), `fhir` how health
records are written, `directory` where each department is reached and how it is called.
"""
