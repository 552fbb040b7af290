"""How gunicorn serves the site: ``gunicorn --config deploy/gunicorn.conf.py config.wsgi``.

Behind a proxy that ends TLS and buffers slow clients (deploy/nginx.conf).
"""

import os

bind = os.environ.get("BIND", "unix:/run/indicators/gunicorn.sock")
# Each worker holds one database connection a thread: keep the product below max_connections.
workers = int(os.environ.get("WORKERS", "3"))
threads = int(os.environ.get("THREADS", "4"))
timeout = 60
graceful_timeout = 30
# A worker is replaced now and then, the workers not all at once.
max_requests = 2000
max_requests_jitter = 200
control_socket_disable = True
accesslog = "-"
# Without the query string, in which a reader's search words would be kept; the address is the one
# that the proxy saw, for a socket has none.
access_log_format = '%({x-forwarded-for}i)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'
