"""How many threads a process of the web has beside those of pages; each may hold a connection to the database."""

UPLOAD_THREADS = 4  # a thread works on a piece for milliseconds, at the end of a file for seconds
FORM_THREADS = 4
SENDING_THREADS = 4  # read files that are sent
OTHER_THREADS = UPLOAD_THREADS + FORM_THREADS + SENDING_THREADS
