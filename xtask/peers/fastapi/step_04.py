"""In FastAPI this step is no step: the scheme of step 3 has put itself into the document."""

from step_03 import app
