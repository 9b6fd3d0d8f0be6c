#nullable enable
using System.Globalization;
using Azure.Data.Tables.Rest;

namespace Azure.Data.Tables.Batch;

internal static class TableTransaction
{
    public static async Task<Response<IReadOnlyList<Response>>> SubmitAsync(
        TableRest rest, string table, IReadOnlyCollection<TableTransactionAction> actions, CancellationToken ct)
    {
        if (actions.Count == 0)
            throw new InvalidOperationException("Cannot submit an empty batch.");

        var writer = new BatchWriter(rest.Urls, table);
        var response = await rest.SendBatchAsync(writer.Boundary, writer.Write(actions), ct);
        var answers = BatchReader.Read(response.Content.ToMemory().Span);
        if (answers.Find(answer => answer.IsError) is { } failed)
            throw Failure(failed);
        if (answers.Count != actions.Count)
            throw new RequestFailedException(response.Status, $"The transaction of {actions.Count} actions was answered with {answers.Count} answers.");
        return Response.FromValue<IReadOnlyList<Response>>(answers, response);
    }

    private static TableTransactionFailedException Failure(PartResponse answer)
    {
        var error = TableErrors.From(answer);
        return new TableTransactionFailedException(error) { FailedTransactionActionIndex = FailedIndex(error.Message) };
    }

    // The service begins its message with the index of the action: "2:The specified entity already exists."
    private static int? FailedIndex(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
