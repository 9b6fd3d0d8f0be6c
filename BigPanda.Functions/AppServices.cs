namespace BigPanda.Functions; public static class AppServices { }
