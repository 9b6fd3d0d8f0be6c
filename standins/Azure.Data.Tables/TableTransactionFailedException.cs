namespace Azure.Data.Tables;

#pragma warning disable CA1032 // The SDK has this constructor and no other public one.
public class TableTransactionFailedException : RequestFailedException
#pragma warning restore CA1032
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            NotNull(requestFailedException).Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException)
    {
    }

    public int? FailedTransactionActionIndex { get; internal set; }

    private static RequestFailedException NotNull(RequestFailedException exception) =>
        exception ?? throw new ArgumentNullException(nameof(exception));
}
