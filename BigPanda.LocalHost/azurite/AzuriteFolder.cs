namespace BigPanda.LocalHost.Azurite;

/// <summary>Finds serve.mjs in the checkout this program was built in; npm installs Azurite beside it.</summary>
internal static class AzuriteFolder
{
    public static string FindScript()
    {
        var folder = Path.Combine(FindCheckout(), "BigPanda.LocalHost", "azurite");
        return Directory.Exists(Path.Combine(folder, "node_modules", "azurite"))
            ? Path.Combine(folder, "serve.mjs")
            : throw new LocalHostException(
                $"Azurite, the local table storage, is not installed: run ./run or ./test once (they run `npm ci` in {folder}).");
    }

    private static string FindCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BigPanda.sln")))
                return folder.FullName;
        }

        throw new LocalHostException($"No checkout of the repository was found above {AppContext.BaseDirectory}. Run the local host from a checkout.");
    }
}
