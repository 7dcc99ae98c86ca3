from . import test_ops_article_quiz
