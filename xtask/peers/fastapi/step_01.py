"""First Steps: https://fastapi.tiangolo.com/tutorial/first-steps/"""

from course import app
