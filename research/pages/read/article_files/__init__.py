"""Files that hold articles already: crawlers' text files, exports, tagged corpora, saved articles.

``files`` is the door: it recognises a file's form by what is in it. Each form is one file
(``crawled``) and one entry of ``files.FORMS``; ``form`` says what a form must give. Page dumps are
of no form: their lines go to the splitter.
"""

from research.pages.read.article_files.files import ARTICLE_ENDINGS, WHOLE_FILES, read_article_file

__all__ = ["ARTICLE_ENDINGS", "WHOLE_FILES", "read_article_file"]
