#nullable enable
namespace Azure.Data.Tables.Rest;

/// <summary>The stand-in keeps TableEntity alone; the SDK also binds classes of the caller's own.</summary>
internal static class Supported
{
    public static TableEntity Entity(ITableEntity? entity) => entity switch
    {
        TableEntity supported => supported,
        null => throw new ArgumentNullException(nameof(entity)),
        _ => throw Not(entity.GetType()),
    };

    public static void Type<T>()
    {
        if (typeof(T) != typeof(TableEntity))
            throw Not(typeof(T));
    }

    private static NotSupportedException Not(Type type) =>
        new($"The stand-in for Azure.Data.Tables works with {nameof(TableEntity)} only, not with {type}.");
}
